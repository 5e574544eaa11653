/** Comfort for pages that work without it. */
for (const button of document.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;
for (const part of document.querySelectorAll('[data-with-script]')) part.hidden = false;

/** A suggestion becomes a line of the list that it was searched for. */
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-add]');
  const list = document.getElementById(button?.closest('[data-into]')?.dataset.into ?? '');
  if (!list) return;
  const lines = list.value.split('\n').filter(Boolean);
  if (!lines.includes(button.dataset.add)) list.value = [...lines, button.dataset.add].join('\n');
  button.disabled = true;
});

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
