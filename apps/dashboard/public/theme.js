// Runs before the first paint, from a file of its own because the content security policy allows no inline
// script: a theme the user has chosen must not flash in late. Without a choice the style sheet follows the system.
try {
  const chosen = localStorage.getItem('telltale.theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
} catch {
  // storage may be blocked; then the system's preference holds
}
