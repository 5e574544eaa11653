/** Something to copy exactly as it stands. The button shows only where script runs. */
export const CopyText = ({ label, text }: { label: string; text: string }) => (
  <div class="copy-text">
    <code>{text}</code>
    <button type="button" class="secondary outline" data-copy={text} aria-label={`Copy ${label}`} hidden>
      Copy
    </button>
  </div>
);
