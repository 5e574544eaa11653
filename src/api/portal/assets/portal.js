/** Comfort for pages that work without it. */
for (const button of document.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('[data-copy]');
  if (button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.textContent;
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
    return;
  }
  for (const menu of document.querySelectorAll('details.account[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.account[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

/** Parts that htmx brings in later may hold copy buttons too. */
document.addEventListener('htmx:load', (event) => {
  for (const button of event.target.querySelectorAll?.('[data-copy]') ?? []) button.hidden = !navigator.clipboard;
});

/** On a phone the navigation is one line that scrolls: begin where the reader is. */
document.querySelector('.navigation [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });

/** A live part has told its end: the rest of the page (buttons, plan) is shown as it is now. */
document.addEventListener('htmx:sseClose', (event) => {
  if (event.detail?.type === 'message') window.location.reload();
});
