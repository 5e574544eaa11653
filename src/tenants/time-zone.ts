/** True for an IANA name that this process knows, such as Europe/Berlin or UTC; offsets such as +01:00 are none. */
export const isTimeZone = (value: string): boolean => {
  if (!/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
};

export const TIME_ZONE_FIX = 'Give a time zone by its region and city, such as Europe/Berlin, or UTC.';
