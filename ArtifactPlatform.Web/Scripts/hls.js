// hls.js as one module, for player-playback.js.
export { default } from "hls.js";
