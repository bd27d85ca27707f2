using System.Collections.Immutable;
using Lanyard.Layouts;
using Lanyard.Tests.Ranks;

namespace Lanyard.Tests.Layouts;

/// <summary>A case of the fixture of hybrid layers, and the declaration that answers for it.</summary>
/// <param name="Name">The name of the case.</param>
/// <param name="Loader">The declaration.</param>
/// <param name="Sizes">The sizes of its axes: <c>out = 8, in = 6</c>.</param>
/// <param name="Named">The name of the case's tensor, or what several end with after those of the declaration, where they are others.</param>
internal sealed record HybridCase(string Name, Loader Loader, string Sizes, string Named = "")
{
    /// <summary>The size of each axis.</summary>
    public IReadOnlyDictionary<string, int> Axes { get; } =
        AxisText.Parse(Sizes).Select(axis => (axis.Name, Size: (int)axis.Size)).Concat(Loader.Axes.Where(axis => !axis.Labels.IsEmpty).Select(axis => (axis.Name, Size: axis.Labels.Length))).ToDictionary();

    /// <summary>The axes of the declaration that the case has.</summary>
    public ImmutableArray<AxisEntry> Declared => [.. Loader.Axes.Where(axis => Axes.ContainsKey(axis.Name))];

    public LayoutSource[] Sources { get; } = Loader.Sources is [var one] && Named.Length > 0 ? [one with { Name = Named }] : [.. Loader.Sources.Select(source => source with { Name = source.Name + Named })];

    /// <summary>Whether vLLM changes the values as it loads them: <c>A = -exp(A_log)</c>.</summary>
    public bool IsNegativeExponential => Named == "A_log" && Name.StartsWith("mamba2", StringComparison.Ordinal);

    public bool IsExpertParallel { get; } = Loader.Axes.Any(axis => axis.Shard == Shard.Expert);

    /// <summary>A rank: a tensor-parallel one, or an expert-parallel one where the declaration divides experts.</summary>
    public Topology Rank(int rank, int ranks, ExpertPlacement placement) =>
        IsExpertParallel ? new Topology(0, 1, rank, ranks) { ExpertPlacement = placement } : new Topology(rank, ranks);

    /// <summary>What a rank holds, by the notation read element by element.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="ranks">How many there are.</param>
    /// <param name="placement">For so many experts the list of each rank.</param>
    /// <param name="whole">The tensors by their names in the declaration, each element as bytes.</param>
    /// <param name="width">The bytes of an element.</param>
    public (long[] Shape, byte[] Bytes) Naive(int rank, int ranks, Func<int, IEnumerable<int>[]> placement, IReadOnlyDictionary<string, byte[]> whole, int width)
    {
        var notation = new NaiveNotation(Axes, Loader.Axes.Where(axis => !axis.Labels.IsEmpty).ToDictionary(axis => axis.Name, axis => axis.Labels.ToArray()));
        var found = new Dictionary<string, (string Tensor, int Position)>();
        foreach (var source in Sources)
        {
            var elements = notation.Whole(source.Pattern).Elements;
            var tag = source.Part is null ? "" : $"#{source.Part}";
            foreach (var (tensor, place) in notation.Names(source.Name))
            {
                for (var i = 0; i < elements.Length; i++) found.Add(NaiveNotation.Join(NaiveNotation.Join(place, elements[i]!), tag), (tensor, i));
            }
        }
        var shares = new NaiveShares(Loader.Axes, Axes, IsExpertParallel ? 1 : ranks, placement);
        var (shape, positions) = notation.Array(Loader.Parameter, shares.Held(IsExpertParallel ? 0 : rank, rank));
        var bytes = new byte[positions.Length * width];
        foreach (var (i, identity) in positions.Index())
        {
            if (identity is not null && found[identity] is var (tensor, position)) whole[tensor].AsSpan(position * width, width).CopyTo(bytes.AsSpan(i * width));
        }
        return (shape, bytes);
    }

    public override string ToString() => Name;
}
