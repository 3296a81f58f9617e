/** Health of the processes, by the heartbeats that they write. */
export interface Heartbeats {
  beat(part: string, instance: string, detail: Readonly<Record<string, string>>): Promise<void>;
  read(): Promise<
    readonly {
      readonly part: string;
      readonly instance: string;
      readonly at: Date;
      /** How long ago that was, by the database's clock alone (milliseconds). The reader's clock may be another. */
      readonly ageMs: number;
      readonly detail: Readonly<Record<string, string>>;
    }[]
  >;
}
