// Pictures beside the player's own: frames over the seek bar, and sound drawn as a wave.

/** The frames of a WebVTT storyboard, loaded when first asked for. */
export class Storyboard {
  #url = null;
  #cues = null;

  set url(url) {
    if (url !== this.#url) {
      this.#url = url;
      this.#cues = null;
    }
  }

  /** @returns {Promise<{url: string, x: number, y: number, width: number, height: number} | null>} */
  async find(seconds) {
    if (!this.#url) {
      return null;
    }
    this.#cues ??= loadCues(this.#url);
    const cues = await this.#cues;
    return cues.find(cue => cue.start <= seconds && seconds < cue.end) ?? cues.findLast(cue => cue.start <= seconds) ?? null;
  }
}

async function loadCues(url) {
  try {
    const response = await fetch(url);
    return response.ok ? parseCues(await response.text(), response.url) : [];
  } catch {
    // Without a preview the seek bar still works.
    return [];
  }
}

/** Cues like `00:00:00.000 --> 00:00:02.000`, `sheet.jpg#xywh=160,0,160,90`. */
export function parseCues(text, base) {
  return text.replaceAll("\r", "").split(/\n{2,}/).flatMap(block => {
    const lines = block.split("\n");
    const at = lines.findIndex(line => line.includes("-->"));
    const [start, end] = at < 0 ? [] : lines[at].split("-->").map(part => toSeconds(part.trim().split(/\s/)[0]));
    const [address, frame] = (lines[at + 1] ?? "").trim().split("#xywh=");
    const [x, y, width, height] = (frame ?? "").replace("pixel:", "").split(",").map(Number);
    return at >= 0 && [start, end, x, y, width, height].every(Number.isFinite)
      ? [{ start, end, url: new URL(address, base).href, x, y, width, height }]
      : [];
  });
}

function toSeconds(stamp) {
  return stamp.split(":").reduce((sum, part) => sum * 60 + Number(part.replace(",", ".")), 0);
}

/** Sound as bars; what has played is in the accent's colour. A click goes there. */
export class Waveform {
  #url = null;
  #peaks = [];
  #share = 0;

  constructor(seekShare) {
    this.element = document.createElement("canvas");
    this.element.className = "player-wave";
    this.element.hidden = true;
    this.element.setAttribute("aria-hidden", "true");
    this.element.addEventListener("click", event => {
      const { left, width } = this.element.getBoundingClientRect();
      seekShare((event.clientX - left) / width);
    });
  }

  set url(url) {
    if (url === this.#url) {
      return;
    }
    this.#url = url;
    this.#peaks = [];
    this.element.hidden = !url;
    if (url) {
      this.#load(url);
    }
  }

  draw(share) {
    this.#share = Number.isFinite(share) ? share : 0;
    const { element } = this;
    if (element.hidden || element.clientWidth === 0) {
      return;
    }
    const scale = devicePixelRatio || 1;
    const [width, height] = [element.clientWidth, element.clientHeight];
    if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
      element.width = Math.round(width * scale);
      element.height = Math.round(height * scale);
    }
    const context = element.getContext("2d");
    const style = getComputedStyle(element);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const bars = Math.floor(width / 4);
    for (let i = 0; i < bars; i++) {
      const from = Math.floor(i / bars * this.#peaks.length);
      const to = Math.max(from + 1, Math.floor((i + 1) / bars * this.#peaks.length));
      const peak = Math.max(0, ...this.#peaks.slice(from, to));
      const size = Math.max(2, peak * height * 0.9);
      context.fillStyle = i / bars < this.#share ? style.color : style.borderTopColor;
      context.fillRect(i * 4, (height - size) / 2, 2.5, size);
    }
  }

  async #load(url) {
    try {
      const response = await fetch(url);
      const { peaks } = await response.json();
      if (url === this.#url && Array.isArray(peaks)) {
        this.#peaks = peaks;
        this.draw(this.#share);
      }
    } catch {
      // A flat line stands for it.
    }
  }
}
