import { notFound } from 'next/navigation';
import { readings } from '../../../lib/readings';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!Object.hasOwn(readings, id)) notFound();
  const { title, text } = readings[id];
  return <main><h1>{title}</h1><p>{text}</p></main>;
}
