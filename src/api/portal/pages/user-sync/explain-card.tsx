/** The way to one person explained. */
export const ExplainCard = ({ base }: { base: string }) => (
  <section aria-labelledby="explain-one" class="card one-person">
    <h2 id="explain-one">Explain one person</h2>
    <form method="get" action={`${base}/explain`}>
      <div class="field">
        <label for="user">E-mail address or extension number</label>
        <input
          id="user"
          name="user"
          required
          autocomplete="off"
          spellcheck={false}
          maxlength={254}
          aria-describedby="user-hint"
        />
        <p class="field-hint" id="user-hint">
          Why somebody is synchronized or not, why this number, and what was done so far.
        </p>
      </div>
      <button type="submit" class="secondary outline">
        Explain
      </button>
    </form>
  </section>
);
