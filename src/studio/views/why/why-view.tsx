/** Not built yet: the tab says so. */
import { words } from '../../words/words.js';

export default function WhyView() {
  return <p class="quiet">{words.value.shell.soon}</p>;
}
