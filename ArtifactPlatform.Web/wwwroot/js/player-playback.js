// What plays, and how: hls.js where the browser has Media Source Extensions, the browser's own HLS where it has that, an MP4 else.
// Nothing is loaded before someone plays: a look at the page is no view.
import { HlsStream, loadHls } from "./player-hls.js";

const hlsType = "application/vnd.apple.mpegurl";
// What the line carries is unknown for an MP4: a rung that most do.
const plainHeight = 720;
const maxTries = 3;
const plainPauseMs = 1500;
const closeEnoughSeconds = 0.1;

export class Playback {
  #video;
  #Hls;
  #stream = null;
  #native = false;
  // The browser's own HLS has failed here: those differ in what they can.
  #avoidNative = false;
  #source = null;
  #loadedVersion = null;
  // Not null while a source is coming up: where it will begin, and whether it plays then.
  #resumeAt = 0;
  #resumePlaying = false;
  #quality = "auto";
  #caption = null;
  #tries = 0;
  #timer = 0;
  #gone = false;

  started = false;
  problem = null;
  onChange = () => { };
  /** The last picture, while another source takes over. */
  still = document.createElement("canvas");

  constructor(video, hlsUrl) {
    this.#video = video;
    this.#Hls = loadHls(hlsUrl);
    this.still.className = "player-still";
    this.still.hidden = true;
    video.addEventListener("error", () => this.#onVideoError());
    video.addEventListener("loadedmetadata", () => this.#resume());
    for (const type of ["seeked", "playing"]) {
      video.addEventListener(type, () => { this.still.hidden = this.#resumeAt === null; });
    }
  }

  get source() {
    return this.#source;
  }

  /** When it leads to something else by now, playing goes on there where it is. */
  set source(next) {
    this.#source = next;
    if (this.problem || (this.started && next.version !== null && next.version !== this.#loadedVersion)) {
      this.retry();
    }
    this.onChange();
  }

  get paused() {
    return this.#resumeAt === null ? this.#video.paused : !this.#resumePlaying;
  }

  get waiting() {
    return this.started && !this.problem && (this.#resumeAt !== null || (!this.#video.paused && !this.#video.ended && this.#video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA));
  }

  get time() {
    return this.#resumeAt ?? this.#video.currentTime;
  }

  set time(seconds) {
    if (this.#resumeAt === null) {
      this.#video.currentTime = seconds;
    } else {
      this.#resumeAt = seconds;
    }
  }

  /** Of what is there by now: a video in preparation grows. */
  get duration() {
    const known = this.#resumeAt === null ? this.#video.duration : NaN;
    return Number.isFinite(known) && known > 0 ? known : this.#source?.duration || 0;
  }

  get bufferedEnd() {
    const { buffered, currentTime } = this.#video;
    for (let i = 0; i < buffered.length; i++) {
      if (buffered.start(i) <= currentTime + closeEnoughSeconds && currentTime <= buffered.end(i)) {
        return buffered.end(i);
      }
    }
    return currentTime;
  }

  get muted() {
    return this.#video.muted || this.#video.volume === 0;
  }

  get volume() {
    return this.#video.volume;
  }

  play() {
    if (!this.started) {
      this.started = true;
      this.#load(this.#resumeAt ?? 0, true);
    } else if (this.#resumeAt === null) {
      this.#start();
    } else {
      this.#resumePlaying = true;
    }
    this.onChange();
  }

  pause() {
    this.#resumePlaying = false;
    this.#video.pause();
    this.onChange();
  }

  /** From the beginning of loading, at the same place. */
  retry() {
    this.#tries = 0;
    this.#takeOver();
  }

  /** "auto" and the rungs, the highest first; empty where there is no choice. */
  get qualities() {
    const rungs = this.#stream?.rungs ?? [];
    const known = rungs.length > 0 ? rungs : this.#source?.mp4.map(mp4 => mp4.height) ?? [];
    const distinct = [...new Set(known)].filter(rung => rung > 0).sort((a, b) => b - a);
    return distinct.length > 0 ? ["auto", ...distinct] : [];
  }

  get quality() {
    return this.#quality;
  }

  set quality(quality) {
    const other = quality !== this.#quality;
    this.#quality = quality;
    if (this.#stream) {
      this.#stream.rung = quality;
    } else if (this.started && other) {
      this.#takeOver();
    }
    this.onChange();
  }

  /** The rung that "auto" has chosen; null when that is unknown. */
  get autoRung() {
    return this.#quality === "auto" ? this.#stream?.currentRung ?? null : null;
  }

  /** Their names. */
  get captions() {
    if (!this.started) {
      return this.#source?.captions ?? [];
    }
    return this.#stream?.captions ?? (this.#native ? Array.from(this.#video.textTracks, track => track.label || track.language) : []);
  }

  /** The name of those that show; null = none. */
  get caption() {
    return this.#caption;
  }

  set caption(name) {
    this.#caption = name;
    this.#showCaption();
    this.onChange();
  }

  toggleCaptions() {
    this.caption = this.#caption === null ? this.captions[0] ?? null : null;
  }

  dispose() {
    this.#gone = true;
    this.#release();
    this.#video.removeAttribute("src");
    this.#video.load();
  }

  async #load(time, playing) {
    [this.problem, this.#loadedVersion, this.#resumeAt, this.#resumePlaying] = [null, this.#source.version, time, playing];
    this.onChange();
    const Hls = await this.#Hls;
    if (this.#gone || this.#stream) {
      return;
    }
    const { hls, mp4 } = this.#source;
    const plain = mp4.find(file => file.height === this.#quality)
      ?? mp4.filter(file => file.height <= plainHeight).sort((a, b) => b.height - a.height)[0]
      ?? mp4[0];
    this.#native = false;
    this.#video.preload = "auto";
    if (hls && Hls) {
      this.#stream = new HlsStream(Hls, this.#video, hls, time, this.#source.duration ?? Infinity, this.#quality, this.#caption, {
        changed: () => this.onChange(),
        stale: () => this.#again(0),
        failed: message => this.#fail(message),
        arrived: () => this.#resume(),
      });
    } else if (hls && this.#video.canPlayType(hlsType) && (!plain || (this.#quality === "auto" && !this.#avoidNative))) {
      this.#native = true;
      this.#video.src = hls;
    } else if (plain) {
      this.#video.src = plain.url;
    } else {
      this.#fail("This browser can't play it until its MP4 files are there.");
    }
  }

  #resume() {
    const time = this.#resumeAt;
    if (time === null || this.#stream?.early) {
      return;
    }
    this.#resumeAt = null;
    if (Math.abs(this.#video.currentTime - time) > closeEnoughSeconds) {
      this.#video.currentTime = Math.min(time, this.duration || time);
    } else if (!this.#resumePlaying) {
      this.still.hidden = true;
    }
    this.#showCaption();
    if (this.#resumePlaying) {
      this.#start();
    }
    this.onChange();
  }

  async #start() {
    try {
      await this.#video.play();
    } catch {
      // A pause or a new source came in between, or the browser wants a click of its own: the controls show that it stands still.
      this.onChange();
    }
  }

  #onVideoError() {
    if (this.#stream || !this.started || !this.#video.getAttribute("src")) {
      return;
    }
    if (this.#native && !this.#avoidNative && this.#source.mp4.length > 0) {
      this.#avoidNative = true;
      this.#takeOver();
    } else {
      this.#again(plainPauseMs);
    }
  }

  #again(pauseMs) {
    if (this.#tries++ < maxTries) {
      this.#timer = setTimeout(() => this.#takeOver(), pauseMs * this.#tries);
    } else {
      this.#fail("It can't be loaded right now.");
    }
  }

  #takeOver() {
    const [time, playing, rate] = [this.time, !this.paused, this.#video.playbackRate];
    if (this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && this.#video.videoWidth > 0) {
      this.still.width = this.#video.videoWidth;
      this.still.height = this.#video.videoHeight;
      this.still.getContext("2d").drawImage(this.#video, 0, 0);
      this.still.hidden = false;
    }
    this.#release();
    this.#video.defaultPlaybackRate = rate;
    this.#load(time, playing);
  }

  #fail(message) {
    [this.#resumePlaying, this.#resumeAt] = [!this.paused, this.time];
    this.#release();
    this.problem = message;
    this.still.hidden = true;
    this.onChange();
  }

  #release() {
    clearTimeout(this.#timer);
    this.#stream?.dispose();
    this.#stream = null;
  }

  #showCaption() {
    if (this.#stream) {
      this.#stream.caption = this.#caption;
    } else if (this.#native) {
      Array.from(this.#video.textTracks).forEach(track => { track.mode = (track.label || track.language) === this.#caption ? "hidden" : "disabled"; });
    }
  }
}
