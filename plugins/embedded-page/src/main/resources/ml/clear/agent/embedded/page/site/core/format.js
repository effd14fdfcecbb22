// SPDX-License-Identifier: Apache-2.0
/** Values as people read them. */

/** @param {number | undefined} seconds */
export function duration(seconds) {
  if (seconds === undefined || seconds === null || Number.isNaN(seconds)) {
    return '';
  }
  if (seconds < 10) {
    return `${Math.round(seconds * 10) / 10} s`;
  }
  const whole = Math.round(seconds);
  const [days, hours, minutes, rest] =
      [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  if (days) {
    return `${days} d ${hours} h`;
  }
  if (hours) {
    return `${hours} h ${minutes} min`;
  }
  return minutes ? `${minutes} min ${rest} s` : `${rest} s`;
}

/** @param {string | undefined} time ISO, an offset included */
export function ago(time) {
  if (!time) {
    return '';
  }
  const seconds = (Date.now() - Date.parse(time)) / 1000;
  if (seconds < 60) {
    return 'just now';
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ago`;
  }
  if (seconds < 86400) {
    return `${Math.floor(seconds / 3600)} h ago`;
  }
  return seconds < 7 * 86400 ? `${Math.floor(seconds / 86400)} d ago` : new Date(time).toLocaleDateString();
}

/** @param {string | number | undefined} time ISO or milliseconds */
export function moment(time) {
  return time ? new Date(time).toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'medium'}) : '';
}

/** @param {string | undefined} from @param {string} [to] ISO times; now without the second */
export function between(from, to) {
  return from ? Math.max(0, ((to ? Date.parse(to) : Date.now()) - Date.parse(from)) / 1000) : undefined;
}

/** @param {unknown} value */
export function number(value) {
  if (typeof value !== 'number') {
    return value === undefined || value === null ? '' : String(value);
  }
  if (Number.isInteger(value) && Math.abs(value) < 1e9) {
    return String(value);
  }
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential(3) : String(Number(value.toPrecision(5)));
}

/** @param {number | undefined} count */
export function bytes(count) {
  if (count === undefined || count === null) {
    return '';
  }
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let left = count;
  while (left >= 1024 && unit < units.length - 1) {
    left /= 1024;
    unit++;
  }
  return `${unit === 0 ? left : left.toFixed(left < 10 ? 1 : 0)} ${units[unit]}`;
}

/** @param {string} text matched literally by the server's regular expressions */
export function literal(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
