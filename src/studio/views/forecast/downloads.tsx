/** What can be taken away: the forecast, its picture, the model. */
import { forecastCsv, forecastPicture, modelBytes } from '../../actions.js';
import { pngOf } from '../../picture-png.js';
import { saveFile } from '../../save-file.js';
import { table } from '../../store.js';
import { language, words } from '../../words/words.js';

export function Downloads() {
  const say = words.value.result;
  const stem = (table.value?.source ?? 'series').replace(/\.[^.]*$/, '');
  return (
    <section class="downloads" aria-label={say.files}>
      <button type="button" onClick={async () => saveFile(`${stem}.forecast.csv`, await forecastCsv(), 'text/csv')}>
        {say.csv}
      </button>
      <button
        type="button"
        onClick={async () => saveFile(`${stem}.svg`, await forecastPicture(language.value), 'image/svg+xml')}
      >
        {say.svg}
      </button>
      <button
        type="button"
        onClick={async () => saveFile(`${stem}.png`, await pngOf(await forecastPicture(language.value)), 'image/png')}
      >
        {say.png}
      </button>
      <button
        type="button"
        onClick={async () => saveFile(`${stem}.safetensors`, await modelBytes(), 'application/octet-stream')}
      >
        {say.model}
      </button>
    </section>
  );
}
