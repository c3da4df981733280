// hls.js as one module, for player-playback.js.
export { default, FetchLoader } from "hls.js";
