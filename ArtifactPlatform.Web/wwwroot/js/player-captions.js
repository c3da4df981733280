// Captions in the page's own box: the browser's lie under the controls.

/** Shows what is due in the tracks that are read along (mode "hidden"). */
export class Captions {
  #video;

  constructor(video, signal) {
    this.#video = video;
    this.element = document.createElement("div");
    this.element.className = "player-captions";
    const draw = () => this.draw();
    const follow = track => track.addEventListener("cuechange", draw, { signal });
    Array.from(video.textTracks).forEach(follow);
    video.textTracks.addEventListener("addtrack", event => follow(event.track), { signal });
    video.textTracks.addEventListener("change", draw, { signal });
  }

  draw() {
    const cues = Array.from(this.#video.textTracks)
      .filter(track => track.mode === "hidden" && (track.kind === "subtitles" || track.kind === "captions"))
      .flatMap(track => Array.from(track.activeCues ?? []));
    this.element.replaceChildren(...cues.map(cue => {
      const line = document.createElement("p");
      // The browser's own reading of the cue: text, emphasis and ruby, nothing that runs.
      line.append(cue.getCueAsHTML?.() ?? cue.text);
      return line;
    }));
  }
}
