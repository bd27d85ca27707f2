using System.Collections.Immutable;
using System.Text;

namespace Lanyard;

/// <summary>What a load or a refit did, and what it left out.</summary>
/// <param name="Tensors">The checkpoint tensors taken.</param>
/// <param name="Slots">The slots written; one that came in chunks counts once for each.</param>
/// <param name="Bytes">The bytes written into parameters, in the model layout.</param>
/// <param name="PostLoads">The post-load methods that ran, by module and method: <c>model.layers.1.self_attn.Absorb</c>.</param>
public sealed record LoadReport(int Tensors, int Slots, long Bytes, ImmutableArray<string> PostLoads)
{
    // Of a line for a log. The properties have all.
    private const int MaxShown = 10;

    /// <summary>The model's <see cref="ParameterSet.Generation"/> from then on; zero of what is not committed.</summary>
    public long Generation { get; init; }

    /// <summary>What the weights are called: <see cref="LoadOptions.Version"/>; null where nobody said it.</summary>
    public string? Version { get; init; }

    /// <summary>How many of the bytes were mapped instead of copied: <see cref="LoadMode.Map"/>.</summary>
    public long MappedBytes { get; init; }

    /// <summary>The tensors that came and were left alone, since an <c>[Ignore]</c> of a class or the names of the options say so.</summary>
    public ImmutableArray<string> Ignored { get; init; } = [];

    /// <summary>The tensors that came and say nothing of values, as an <c>[Unread]</c> of an encoding declares.</summary>
    public ImmutableArray<string> Unread { get; init; } = [];

    /// <summary>The tensors of which no parameter reads some elements, as an ignore declares. Where none does, a load is refused.</summary>
    public ImmutableArray<PartRead> ReadInPart { get; init; } = [];

    /// <summary>The tensors of the files that were passed over, since the index does not name them there or their names are not below the prefix that was asked for.</summary>
    public ImmutableArray<string> PassedOver { get; init; } = [];

    /// <summary>The files of tensors in the folder of a checkpoint that it does not have, since its index, or the name of its only file, says which ones it has.</summary>
    public ImmutableArray<string> OtherFiles { get; init; } = [];

    /// <summary>The tensors that were widened, rounded or decoded, with both types.</summary>
    public ImmutableArray<TypeChange> Converted { get; init; } = [];

    /// <summary>The tensors with values that became infinite when they were rounded to a narrower type.</summary>
    public ImmutableArray<Overflow> Overflowed { get; init; } = [];

    /// <summary>What was done as it was declared, and is likely a mistake all the same: a bias that was ignored beside its weight, values that became infinite. A log has each as a warning.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>
    /// The parameters of those that came whose values, after post-load, are not all finite: an infinite or NaN scale, a code that is no number.
    /// Counted where <see cref="LoadOptions.CountNonFinite"/> asks for it; else empty.
    /// </summary>
    public ImmutableArray<NonFinite> NonFinite { get; init; } = [];

    /// <summary>The parameters of which no tensor was there, so that they have the value that is declared for that: <see cref="ParameterAttribute.Absent"/>.</summary>
    public ImmutableArray<string> Absent { get; init; } = [];

    /// <summary>The report in one line, names folded and of long lists the first, for a log.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Version is not null) text.Append(NameFolding.Shown(Version)).Append(": ");
        text.Append(FormattableString.Invariant($"{Slots} slots of {Tensors} tensors, {Bytes} bytes"));
        if (MappedBytes > 0) text.Append(FormattableString.Invariant($", of which {MappedBytes} are mapped"));
        foreach (var types in OrEmpty(Converted).GroupBy(change => (change.From, change.To))) List($"{types.Key.From} to {types.Key.To}:", types.Select(change => change.Tensor));
        List("ignored:", OrEmpty(Ignored));
        List("unread:", OrEmpty(Unread));
        foreach (var parts in OrEmpty(ReadInPart).GroupBy(part => part.Unread)) List($"read without {parts.Key}:", parts.Select(part => part.Tensor));
        List("passed over:", OrEmpty(PassedOver));
        List("other files:", OrEmpty(OtherFiles));
        foreach (var parts in OrEmpty(Overflowed).GroupBy(found => found.Elements)) List(FormattableString.Invariant($"infinite by rounding: {parts.Key} elements of"), parts.Select(found => found.Tensor));
        foreach (var parts in OrEmpty(NonFinite).GroupBy(found => found.Elements)) List(FormattableString.Invariant($"not finite: {parts.Key} elements of"), parts.Select(found => found.Parameter));
        List("absent:", OrEmpty(Absent));
        foreach (var warning in OrEmpty(Warnings)) text.Append("; warning: ").Append(warning);
        text.Append("; post-load ran: ").Append(PostLoads.IsDefaultOrEmpty ? "nothing" : string.Join(", ", NameFolding.Fold(PostLoads)));
        return text.ToString();

        void List(string what, IEnumerable<string> names)
        {
            var folded = NameFolding.Shown(names);
            if (folded.Count == 0) return;
            text.Append("; ").Append(what).Append(' ').AppendJoin(", ", folded.Take(MaxShown));
            if (folded.Count > MaxShown) text.Append(FormattableString.Invariant($" and {folded.Count - MaxShown} more"));
        }
    }

    private static ImmutableArray<T> OrEmpty<T>(ImmutableArray<T> items) => items.IsDefault ? [] : items;
}
