/** All units over all steps, gate by gate and state by state. */
import { useSignal } from '@preact/signals';
import { Tick } from '../../tick.js';
import { language } from '../../words/words.js';
import { HeatMap } from './heat-map.js';
import { traces } from './looking.js';
import { largestOf } from './moment.js';
import { percent } from './numbers.js';
import { say } from './words.js';

export function HeatMaps() {
  const marked = useSignal(true);
  const { maps } = say.value;
  const { gates, c, h, saturation } = traces.value!;
  const share = (gate: 'f' | 'i' | 'o') =>
    maps.share(percent(saturation[gate].high, language.value), percent(saturation[gate].low, language.value));
  return (
    <section class="card maps" aria-labelledby="maps-title">
      <div class="row">
        <h2 id="maps-title">{maps.title}</h2>
        <Tick
          label={maps.mark}
          checked={marked.value}
          onTick={(checked) => {
            marked.value = checked;
          }}
        />
      </div>
      <div class="map-grid">
        {(['f', 'i', 'o'] as const).map((gate) => (
          <HeatMap
            key={gate}
            {...maps[gate]}
            values={gates[gate]}
            range={[0, 1]}
            marked={marked.value}
            note={share(gate)}
          />
        ))}
        <HeatMap {...maps.c} values={c} range={around(c)} />
        <HeatMap {...maps.h} values={h} range={around(h)} />
        <div class="look">
          <p>{maps.lead}</p>
          {marked.value && <p>{maps.marks}</p>}
        </div>
      </div>
    </section>
  );
}

/** As far below zero as above. */
function around(values: Float64Array): [number, number] {
  const most = largestOf(values) || 1;
  return [-most, most];
}
