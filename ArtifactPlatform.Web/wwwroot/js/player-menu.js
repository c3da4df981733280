// A button with a menu of which one entry is chosen (ARIA Authoring Practices, menu button with menuitemradio).
let lastId = 0;

/**
 * @param {string} label What is chosen here.
 * @param {() => {value: any, text: string}[]} options Asked for whenever the menu opens.
 * @param {() => any} chosen
 * @param {(value: any) => void} choose
 */
export function buildMenu(label, button, options, chosen, choose) {
  const id = `player-menu-${++lastId}`;
  const box = document.createElement("div");
  box.className = "player-menu-box";
  const menu = document.createElement("div");
  menu.className = "player-menu";
  menu.id = id;
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  menu.hidden = true;
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", id);
  box.append(button, menu);

  const items = () => Array.from(menu.children);
  const isOpen = () => !menu.hidden;

  function fill() {
    menu.replaceChildren(...options().map(({ value, text }) => {
      const item = document.createElement("button");
      item.type = "button";
      item.className = "player-menu-item";
      item.tabIndex = -1;
      item.setAttribute("role", "menuitemradio");
      item.setAttribute("aria-checked", String(value === chosen()));
      item.textContent = text;
      item.addEventListener("click", () => {
        choose(value);
        close(true);
      });
      return item;
    }));
  }

  function open() {
    fill();
    menu.hidden = false;
    button.setAttribute("aria-expanded", "true");
    (items().find(item => item.getAttribute("aria-checked") === "true") ?? items()[0])?.focus();
    document.addEventListener("pointerdown", closeOutside, true);
  }

  function close(giveFocusBack) {
    if (!isOpen()) {
      return;
    }
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", closeOutside, true);
    if (giveFocusBack) {
      button.focus();
    }
  }

  function closeOutside(event) {
    if (!box.contains(event.target)) {
      close(false);
    }
  }

  button.addEventListener("click", () => isOpen() ? close(true) : open());
  button.addEventListener("keydown", event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open();
    }
  });
  menu.addEventListener("keydown", event => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const target = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      all[target]?.focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close(true);
    } else if (event.key === "Tab") {
      close(false);
    }
  });
  box.addEventListener("focusout", event => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) {
      close(false);
    }
  });

  return {
    element: box,
    isOpen,
    dispose: () => close(false),
    /** Where there is nothing to choose, there is no button. */
    draw: () => { box.hidden = options().length < 2; },
  };
}
