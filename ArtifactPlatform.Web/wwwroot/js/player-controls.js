// The player's buttons, its seek bar and its messages.
import { buildMenu } from "./player-menu.js";

const icons = {
  play: ["m7 4.500 13 7.500-13 7.500z"],
  pause: ["M8 5v14", "M16 5v14"],
  volume: ["M4 9.500h3.500L12 5.500v13l-4.500-4H4z", "M15.500 9a4 4 0 0 1 0 6", "M18 6.500a8 8 0 0 1 0 11"],
  muted: ["M4 9.500h3.500L12 5.500v13l-4.500-4H4z", "m16 9.500 5 5", "m21 9.500-5 5"],
  captions: ["M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z", "M10.500 10.500a2 2 0 1 0 0 3", "M17 10.500a2 2 0 1 0 0 3"],
  full: ["M4 9V5a1 1 0 0 1 1-1h4", "M15 4h4a1 1 0 0 1 1 1v4", "M20 15v4a1 1 0 0 1-1 1h-4", "M9 20H5a1 1 0 0 1-1-1v-4"],
  small: ["M9 4v4a1 1 0 0 1-1 1H4", "M20 9h-4a1 1 0 0 1-1-1V4", "M15 20v-4a1 1 0 0 1 1-1h4", "M4 15h4a1 1 0 0 1 1 1v4"],
};

const svg = "http://www.w3.org/2000/svg";

function element(tag, className, attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}

function drawIcon(button, name) {
  if (button.dataset.icon === name) {
    return;
  }
  button.dataset.icon = name;
  const icon = document.createElementNS(svg, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false", class: "player-icon" })) {
    icon.setAttribute(key, value);
  }
  icon.append(...icons[name].map(d => {
    const path = document.createElementNS(svg, "path");
    path.setAttribute("d", d);
    return path;
  }));
  button.replaceChildren(icon);
}

function iconButton(className, icon, onClick) {
  const button = element("button", `player-button ${className}`, { type: "button" });
  drawIcon(button, icon);
  if (onClick) {
    button.addEventListener("click", onClick);
  }
  return button;
}

function name(button, text) {
  if (button.title !== text) {
    button.title = text;
    button.setAttribute("aria-label", text);
  }
}

/** 0:04, 12:30, 1:02:03 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${String(s).padStart(2, "0")}` : `${m}:${String(s).padStart(2, "0")}`;
}

export function buildControls({ playback, storyboard, toggle, seek, toggleMute, setVolume, toggleFullscreen, retry }) {
  const big = iconButton("player-big", "play", () => {
    toggle();
    // It goes; who came by keyboard goes on from the one in the bar.
    play.focus({ preventScroll: true });
  });
  name(big, "Play");
  const spinner = element("span", "player-spinner", { "aria-hidden": "true" });

  const message = element("div", "player-problem", { role: "alert" });
  const text = document.createElement("p");
  const again = element("button", "btn", { type: "button" });
  again.textContent = "Try again";
  again.addEventListener("click", retry);
  message.append(text, again);

  const play = iconButton("", "play", toggle);
  const time = element("span", "player-time");
  const bar = buildSeek(playback, storyboard, seek);
  const mute = iconButton("", "volume", toggleMute);
  const volume = element("input", "player-volume", { type: "range", min: "0", max: "1", step: "0.05", "aria-label": "Volume" });
  volume.addEventListener("input", () => setVolume(Number(volume.value)));
  const captionsButton = iconButton("", "captions");
  name(captionsButton, "Captions");
  const captions = buildMenu(
    "Captions",
    captionsButton,
    () => [{ value: null, text: "Off" }, ...playback.captions.map(text => ({ value: text, text }))],
    () => playback.caption,
    value => { playback.caption = value; });
  const qualityButton = element("button", "player-button player-quality", { type: "button" });
  const quality = buildMenu(
    "Quality",
    qualityButton,
    () => playback.qualities.map(value => ({ value, text: value === "auto" ? "Auto" : `${value}p` })),
    () => playback.quality,
    value => { playback.quality = value; });
  const full = iconButton("player-full", "full", toggleFullscreen);

  const row = element("div", "player-row");
  row.append(play, mute, volume, time, element("span", "spacer"), captions.element, quality.element, full);
  const panel = element("div", "player-bar");
  panel.append(bar.element, row);

  return {
    elements: [spinner, big, message, panel],
    inUse: () => captions.isOpen() || quality.isOpen() || panel.matches(":hover") || panel.querySelector(":focus-visible") !== null,
    draw() {
      drawIcon(play, playback.paused ? "play" : "pause");
      name(play, playback.paused ? "Play" : "Pause");
      drawIcon(mute, playback.muted ? "muted" : "volume");
      name(mute, playback.muted ? "Unmute" : "Mute");
      volume.value = String(playback.muted ? 0 : playback.volume);
      volume.style.setProperty("--played", `${Number(volume.value) * 100}%`);
      const wide = document.fullscreenElement?.contains(panel) === true;
      drawIcon(full, wide ? "small" : "full");
      name(full, wide ? "Leave full screen" : "Full screen");
      time.textContent = `${clock(playback.time)} / ${clock(playback.duration)}`;
      bar.draw();
      captions.draw();
      quality.draw();
      const chosen = playback.quality === "auto" ? (playback.autoRung ? `Auto ${playback.autoRung}p` : "Auto") : `${playback.quality}p`;
      if (qualityButton.textContent !== chosen) {
        qualityButton.textContent = chosen;
        name(qualityButton, `Quality: ${chosen}`);
      }
      captionsButton.classList.toggle("is-on", playback.caption !== null);
      message.hidden = playback.problem === null;
      text.textContent = playback.problem ?? "";
    },
    dispose() {
      captions.dispose();
      quality.dispose();
    },
  };
}

function buildSeek(playback, storyboard, seek) {
  const box = element("div", "player-seek");
  const range = element("input", "player-range", { type: "range", min: "0", max: "0", step: "0.1", value: "0", "aria-label": "Position" });
  const preview = element("div", "player-preview", { "aria-hidden": "true" });
  const tile = element("div", "player-tile");
  const label = element("span", "player-preview-time");
  preview.append(tile, label);
  preview.hidden = true;
  box.append(range, preview);
  let dragging = false;

  async function show(time) {
    const share = playback.duration > 0 ? Math.min(Math.max(time / playback.duration, 0), 1) : 0;
    label.textContent = clock(share * playback.duration);
    preview.hidden = playback.duration <= 0;
    const picture = await storyboard.find(share * playback.duration);
    tile.hidden = picture === null;
    if (picture) {
      tile.style.width = `${picture.width}px`;
      tile.style.height = `${picture.height}px`;
      tile.style.backgroundImage = `url("${picture.url}")`;
      tile.style.backgroundPosition = `-${picture.x}px -${picture.y}px`;
    }
    // Whole inside the player at both ends.
    const half = preview.offsetWidth / 2;
    preview.style.left = `${Math.min(Math.max(share * box.clientWidth, half), Math.max(half, box.clientWidth - half))}px`;
  }

  range.addEventListener("input", () => {
    dragging = true;
    seek(Number(range.value));
    show(Number(range.value));
  });
  range.addEventListener("change", () => { dragging = false; });
  range.addEventListener("blur", () => { preview.hidden = true; dragging = false; });
  box.addEventListener("pointermove", event => {
    const { left, width } = box.getBoundingClientRect();
    show((event.clientX - left) / width * playback.duration);
  });
  box.addEventListener("pointerleave", () => { preview.hidden = true; });

  return {
    element: box,
    draw() {
      const { duration, time } = playback;
      range.max = String(duration);
      // Steps of a tenth are too coarse for the first seconds of a short clip.
      range.step = duration > 60 ? "1" : "0.1";
      if (!dragging) {
        range.value = String(time);
      }
      range.setAttribute("aria-valuetext", `${clock(time)} of ${clock(duration)}`);
      range.style.setProperty("--played", `${duration > 0 ? time / duration * 100 : 0}%`);
      range.style.setProperty("--loaded", `${duration > 0 ? playback.bufferedEnd / duration * 100 : 0}%`);
    },
  };
}
