/** The lines of the picture with their numbers. Those that were kept can be dropped. */
import { leftAfter, reachOf } from './left-over.js';
import { dropLine, type Line, readAt, showShort } from './lines.js';
import { amount } from './numbers.js';
import { say } from './words.js';

export function LineTable({ lines }: { readonly lines: readonly Line[] }) {
  const { gradient } = say.value;
  return (
    <table class="line-table">
      <caption class="unseen">{gradient.table}</caption>
      <thead>
        <tr>
          <th scope="col">{gradient.line}</th>
          <th scope="col">{gradient.leftAfter(readAt.value)}</th>
          <th scope="col">{gradient.reach}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {lines.flatMap((line) => [
          <Row key={line.id} line={line} median={line.complete.median} name={gradient.name(line.form)} />,
          line.id === 0 && line.short && showShort.value && (
            <Row key="short" line={line} median={line.short.median} name={gradient.shortForm} dashed />
          ),
        ])}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly line: Line;
  readonly median: Float64Array;
  readonly name: string;
  readonly dashed?: boolean;
}

function Row({ line: { id, form, lag }, median, name, dashed = false }: RowProps) {
  const { gradient } = say.value;
  const reach = reachOf(median);
  return (
    <tr class={dashed ? 'short-row' : id === 0 ? 'now-row' : 'kept-row'}>
      <th scope="row">
        <span class="named">
          <span class={`key tone-${id}${dashed ? ' dashed' : ''}`} />
          <span>
            {name} {!dashed && <span class="quiet">{gradient.ofUnits(form.hiddenSize)}</span>}
          </span>
        </span>
      </th>
      <td class="left-over">{amount(leftAfter(median, readAt.value))}</td>
      <td>{reach === null ? gradient.steps(lag, true) : gradient.steps(reach)}</td>
      <td>
        {id !== 0 && (
          <button
            type="button"
            class="plain"
            aria-label={gradient.drop(name)}
            title={gradient.drop(name)}
            onClick={() => dropLine(id)}
          >
            ×
          </button>
        )}
      </td>
    </tr>
  );
}
