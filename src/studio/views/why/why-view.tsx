/** Why gates: how far an error reaches back, cell by cell, and who learns to remember. */
import './why.css';
import { ChainCard } from './chain-card.js';
import { EquationsCard } from './equations-card.js';
import { GradientCard } from './gradient-card.js';
import { RaceCard } from './race-card.js';
import { say } from './words.js';

export default function WhyView() {
  const { title, lead } = say.value;
  return (
    <div class="why">
      <div class="intro">
        <h1>{title}</h1>
        <p>{lead}</p>
      </div>
      <ChainCard />
      <GradientCard />
      <RaceCard />
      <EquationsCard />
    </div>
  );
}
