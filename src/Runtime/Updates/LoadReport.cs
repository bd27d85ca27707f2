using System.Collections.Immutable;

namespace Lanyard;

/// <summary>What a load or a refit did.</summary>
/// <param name="Tensors">The checkpoint tensors taken.</param>
/// <param name="Slots">The slots written; one that came in chunks counts once for each.</param>
/// <param name="Bytes">The bytes written into parameters, in the model layout.</param>
/// <param name="PostLoads">The post-load methods that ran, by module and method: <c>model.layers.1.feed_forward.experts.PadForKernel</c>.</param>
public sealed record LoadReport(int Tensors, int Slots, long Bytes, ImmutableArray<string> PostLoads)
{
    /// <summary>How many of the bytes were mapped instead of copied: <see cref="LoadMode.Map"/>.</summary>
    public long MappedBytes { get; init; }

    /// <summary>How many tensors of the files were passed over, since the index does not name them there or their names are not below the prefix that was asked for.</summary>
    public int PassedOver { get; init; }

    /// <summary>
    /// The parameters of those that came whose values, after post-load, are not all finite: an infinite or NaN scale, a code that is no number.
    /// Counted where <see cref="LoadOptions.CountNonFinite"/> asks for it; else empty.
    /// </summary>
    public ImmutableArray<NonFinite> NonFinite { get; init; } = [];

    /// <summary>The parameters of which no tensor was there, so that they have the value that is declared for that: <see cref="ParameterAttribute.Absent"/>.</summary>
    public ImmutableArray<string> Absent { get; init; } = [];

    /// <summary>The report in one line, names folded, for a log.</summary>
    public override string ToString() =>
        $"{Slots} slots of {Tensors} tensors, {Bytes} bytes{(MappedBytes > 0 ? $", of which {MappedBytes} are mapped" : "")}{(PassedOver > 0 ? $"; {PassedOver} tensors were passed over" : "")}{(NonFinite.IsDefaultOrEmpty ? "" : $"; not finite: {string.Join(", ", NonFinite.Select(found => $"{found.Elements} elements of {found.Parameter}"))}")}{(Absent.IsDefaultOrEmpty ? "" : $"; absent: {string.Join(", ", NameFolding.Fold(Absent))}")}; post-load ran: {(PostLoads.IsDefaultOrEmpty ? "nothing" : string.Join(", ", NameFolding.Fold(PostLoads)))}";
}
