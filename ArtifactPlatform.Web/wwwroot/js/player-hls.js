// hls.js, as the player uses it: rungs instead of levels, captions by name, and a few tries before a failure is one.
const networkRetries = 4;
const networkPauseMs = 1500;
const mediaRetries = 2;
const refusals = [401, 403, 404, 410];
// So near the end the browser shows no picture until hls.js has said that no more comes, and it may say so only when it has seen one: it begins earlier.
const latestStartSeconds = 1;

// Where the build had no npm there is no hls.js; the browser plays what it can by itself.
export async function loadHls(url) {
  try {
    const { default: Hls, FetchLoader } = await import(url);
    Hls.DefaultConfig.loader = FetchLoader;
    Hls.DefaultConfig.fetchSetup = fetched;
    return Hls.isSupported() ? Hls : null;
  } catch {
    return null;
  }
}

export class HlsStream {
  #Hls;
  #hls;
  #video;
  #url;
  #rung = "auto";
  #caption = null;
  #networkTries = 0;
  #mediaTries = 0;
  #timer = 0;
  /** It has not come as far yet that it may be sent into the last second. */
  early;

  /**
   * @param {number} time Where to begin.
   * @param {number} duration Of what there is.
   * @param {() => void} changed Rungs or captions are other ones.
   * @param {() => void} stale The media's addresses have expired: the playlists must be asked for anew.
   * @param {(message: string) => void} failed It will not go on.
   * @param {() => void} arrived It is no longer early.
   */
  constructor(Hls, video, url, time, duration, rung, caption, { changed, stale, failed, arrived }) {
    this.#Hls = Hls;
    this.#video = video;
    this.#url = url;
    this.#rung = rung;
    this.#caption = caption;
    this.stale = stale;
    this.failed = failed;
    this.arrived = arrived;
    const start = Math.max(0, Math.min(time, duration - latestStartSeconds));
    this.early = start < time;
    // No worker: it would need blob: scripts, and fragmented MP4 passes through without work.
    const hls = this.#hls = new Hls({ enableWorker: false, startPosition: start, capLevelToPlayerSize: true, backBufferLength: 60 });
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      if (this.#rung !== "auto") {
        hls.currentLevel = this.#levelOf(this.#rung);
      }
      changed();
    });
    hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => {
      this.caption = this.#caption;
      changed();
    });
    hls.on(Hls.Events.LEVEL_SWITCHED, changed);
    hls.on(Hls.Events.BUFFERED_TO_END, () => this.#arrive());
    hls.on(Hls.Events.FRAG_BUFFERED, () => { this.#networkTries = 0; });
    hls.on(Hls.Events.ERROR, (_, error) => { if (error.fatal) { this.#onError(error); } });
    hls.loadSource(url);
    hls.attachMedia(video);
  }

  get rungs() {
    return this.#hls.levels.map(rungOf);
  }

  /** The one that plays; null while there is none. */
  get currentRung() {
    const level = this.#hls.levels[this.#hls.currentLevel];
    return level ? rungOf(level) : null;
  }

  set rung(rung) {
    this.#rung = rung;
    if (this.#video.paused) {
      this.#hls.currentLevel = this.#levelOf(rung);
    } else {
      this.#hls.nextLevel = this.#levelOf(rung);
    }
  }

  get captions() {
    return this.#hls.subtitleTracks.map(nameOf);
  }

  set caption(name) {
    this.#caption = name;
    // Read, but not drawn by the browser: player-captions.js does that.
    this.#hls.subtitleDisplay = false;
    this.#hls.subtitleTrack = this.captions.indexOf(name);
  }

  dispose() {
    clearTimeout(this.#timer);
    this.stale = this.failed = this.arrived = () => { };
    this.#hls.destroy();
  }

  #arrive() {
    if (this.early) {
      this.early = false;
      this.arrived();
    }
  }

  #levelOf(rung) {
    return rung === "auto" ? -1 : this.rungs.indexOf(rung);
  }

  #onError(error) {
    const { NETWORK_ERROR, MEDIA_ERROR } = this.#Hls.ErrorTypes;
    if (refusals.includes(error.response?.code)) {
      if (error.frag) {
        this.stale();
      } else {
        this.failed("The platform doesn't hand it out under this address any more.");
      }
    } else if (error.type === MEDIA_ERROR && this.#mediaTries++ < mediaRetries) {
      this.#hls.recoverMediaError();
    } else if (error.type === NETWORK_ERROR && this.#networkTries++ < networkRetries) {
      this.#timer = setTimeout(() => {
        if (this.#hls.levels.length > 0) {
          this.#hls.startLoad();
        } else {
          this.#hls.loadSource(this.#url);
        }
      }, networkPauseMs * this.#networkTries);
    } else {
      this.failed("It can't be loaded right now.");
    }
  }
}

// Ranges of one file: Chromium's cache in memory now and then ends one after 4 KiB, while another is on its way into it.
function fetched(context, init) {
  return new Request(context.url, context.rangeEnd ? { ...init, cache: "no-store" } : init);
}

function nameOf(track) {
  return track.name || track.lang;
}

// The platform names a variant's playlist after its rung; a portrait video's rung is its width.
function rungOf(level) {
  const named = /\/(\d+)\.m3u8/.exec(level.url?.[0] ?? "");
  return named ? Number(named[1]) : Math.min(level.width || 0, level.height || 0);
}
