// The player of a video's page. Blazor hands over an empty box and what to play; everything inside the box is built here.
import { Playback } from "./player-playback.js";
import { buildControls } from "./player-controls.js";
import { Captions } from "./player-captions.js";
import { Storyboard, Waveform } from "./player-pictures.js";

const seekStepSeconds = 5;
const volumeStep = 0.05;
const idleMs = 2500;

/**
 * @param {HTMLElement} root
 * @param {object} source What to play: PlayerSource on the server's side.
 * @param {string} hlsUrl Address of hls.js.
 */
export function create(root, source, hlsUrl) {
  const stop = new AbortController();
  const video = document.createElement("video");
  video.playsInline = true;
  video.preload = "none";
  const playback = new Playback(video, hlsUrl);
  const captions = new Captions(video, stop.signal);
  const storyboard = new Storyboard();
  const waveform = new Waveform(share => seek(share * playback.duration));
  const controls = buildControls({ playback, storyboard, toggle, seek, toggleMute, setVolume, toggleFullscreen, retry: () => playback.retry() });
  root.replaceChildren(video, playback.still, waveform.element, captions.element, ...controls.elements);

  function toggle() {
    playback.paused ? playback.play() : playback.pause();
  }

  function seek(time) {
    playback.time = Math.min(Math.max(time, 0), playback.duration);
    draw();
  }

  function toggleMute() {
    video.muted = !video.muted;
  }

  function setVolume(volume) {
    video.volume = Math.min(Math.max(volume, 0), 1);
    video.muted = false;
  }

  function toggleFullscreen() {
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else if (root.requestFullscreen) {
      root.requestFullscreen().catch(() => { });
    } else {
      // iPhones put only the video itself on the whole screen.
      video.webkitEnterFullscreen?.();
    }
  }

  function draw() {
    root.classList.toggle("is-playing", !playback.paused);
    root.classList.toggle("is-started", playback.started);
    root.classList.toggle("is-waiting", playback.waiting);
    root.classList.toggle("is-fullscreen", document.fullscreenElement === root);
    controls.draw();
    waveform.draw(playback.time / playback.duration);
  }

  function take(next) {
    root.classList.toggle("is-sound", next.audioOnly);
    if (next.poster && video.poster !== next.poster) {
      video.poster = next.poster;
    }
    storyboard.url = next.storyboard;
    waveform.url = next.audioOnly ? next.waveform : null;
    playback.source = next;
    draw();
  }

  const listen = (target, types, handle) => types.split(" ").forEach(type => target.addEventListener(type, handle, { signal: stop.signal }));

  let idle = 0;
  const awake = () => {
    root.classList.remove("is-idle");
    clearTimeout(idle);
    idle = setTimeout(() => root.classList.toggle("is-idle", !playback.paused && !controls.inUse()), idleMs);
  };
  listen(root, "pointermove pointerdown focusin keydown", awake);
  listen(root, "pointerleave", () => { clearTimeout(idle); root.classList.toggle("is-idle", !playback.paused && !controls.inUse()); });

  listen(video, "click", toggle);
  listen(video, "dblclick", toggleFullscreen);
  listen(video, "play pause playing waiting timeupdate durationchange progress volumechange ended seeking seeked ratechange", draw);
  listen(document, "fullscreenchange", draw);
  listen(root, "keydown", event => handleKey(event));
  playback.onChange = draw;

  function handleKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) {
      return;
    }
    const onControl = event.target.closest("button, [role=menu]");
    const onRange = event.target.closest("input");
    const actions = {
      " ": onControl ? null : toggle,
      k: toggle,
      m: toggleMute,
      f: toggleFullscreen,
      c: () => playback.toggleCaptions(),
      ArrowLeft: onRange ? null : () => seek(playback.time - seekStepSeconds),
      ArrowRight: onRange ? null : () => seek(playback.time + seekStepSeconds),
      ArrowUp: onRange ? null : () => setVolume(video.volume + volumeStep),
      ArrowDown: onRange ? null : () => setVolume(video.volume - volumeStep),
    };
    const act = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  const sizes = new ResizeObserver(draw);
  sizes.observe(root);
  take(source);

  return {
    update: take,
    dispose: () => {
      stop.abort();
      sizes.disconnect();
      clearTimeout(idle);
      controls.dispose();
      playback.dispose();
      root.replaceChildren();
    },
  };
}
