// Follows the system until someone chooses; a choice that equals the system's goes back to following it.
(() => {
  const key = "theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const effective = () => localStorage.getItem(key) ?? (system.matches ? "dark" : "light");

  const apply = () => {
    const theme = effective();
    document.documentElement.dataset.theme = theme;
    for (const name of ["light", "dark"]) {
      document.getElementById(`theme-${name}`).media = name === theme ? "all" : "not all";
    }
  };

  const toggle = () => {
    const chosen = effective() === "dark" ? "light" : "dark";
    if (chosen === (system.matches ? "dark" : "light")) {
      localStorage.removeItem(key);
    } else {
      localStorage.setItem(key, chosen);
    }
    apply();
  };

  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  document.addEventListener("click", event => {
    if (event.target.closest("[data-theme-toggle]")) {
      toggle();
    }
  });
})();
