using System.Collections.Immutable;

namespace Lanyard.Tests.Layouts;

/// <summary>The loaders that the fixture does not run, as loops over arrays: which element of which tensor comes next on a rank.</summary>
internal static class LoaderFormulas
{
    public static ImmutableArray<(Loader Loader, string Sizes, Func<int, int, IEnumerable<(string Tensor, long Position)>> Elements)> All { get; } =
    [
        (Loaders.Replicated, "out = 3, in = 4", static (_, _) => Rows("weight", 0, 3, 4)),
        (Loaders.FusedExperts, "experts = 2, inter = 4, hidden = 3", FusedExperts),
        (Loaders.TensorScales, "", static (_, _) => [("q_proj.weight_scale", 0), ("k_proj.weight_scale", 0), ("v_proj.weight_scale", 0)]),
        // 512 rows are 4 blocks, 200 columns are 2, the second of them partial.
        (Loaders.BlockScales, "inter = 512, hidden = 200", static (rank, ranks) =>
            Rows("gate_proj.weight_scale_inv", rank * 4 / ranks, 4 / ranks, 2).Concat(Rows("up_proj.weight_scale_inv", rank * 4 / ranks, 4 / ranks, 2))),
        (Loaders.Rotary, "heads = 4, pair = 2, half = 3, hidden = 2", Rotary),
        (Loaders.LatentKeys, "heads = 4, nope = 2, value = 3, rank = 5", LatentKeys),
        (Loaders.LatentValues, "heads = 4, nope = 2, value = 3, rank = 5", LatentValues),
    ];

    // transpose(-1, -2), then chunk(2, dim=-2), then narrow each half to the rank.
    private static IEnumerable<(string, long)> FusedExperts(int rank, int ranks)
    {
        const int Experts = 2, Inter = 4, Hidden = 3;
        for (var e = 0; e < Experts; e++)
            for (var half = 0; half < 2; half++)
                for (var i = rank * Inter / ranks; i < (rank + 1) * Inter / ranks; i++)
                    for (var h = 0; h < Hidden; h++)
                        yield return ("experts.gate_up_proj", (((e * Hidden) + h) * 2 * Inter) + (half * Inter) + i);
    }

    // Row h * D + j * (D / 2) + i of the result is row h * D + 2 * i + j of what is stored.
    private static IEnumerable<(string, long)> Rotary(int rank, int ranks)
    {
        const int Heads = 4, D = 6, Hidden = 2;
        for (var h = rank * Heads / ranks; h < (rank + 1) * Heads / ranks; h++)
            for (var j = 0; j < 2; j++)
                for (var i = 0; i < D / 2; i++)
                    foreach (var element in Rows("q_proj.weight", (h * D) + (2 * i) + j, 1, Hidden))
                        yield return element;
    }

    private static IEnumerable<(string, long)> LatentKeys(int rank, int ranks)
    {
        const int Heads = 4, Nope = 2, Value = 3, Rank = 5;
        for (var h = rank * Heads / ranks; h < (rank + 1) * Heads / ranks; h++)
            foreach (var element in Rows("kv_b_proj.weight", h * (Nope + Value), Nope, Rank))
                yield return element;
    }

    private static IEnumerable<(string, long)> LatentValues(int rank, int ranks)
    {
        const int Heads = 4, Nope = 2, Value = 3, Rank = 5;
        for (var h = rank * Heads / ranks; h < (rank + 1) * Heads / ranks; h++)
            for (var r = 0; r < Rank; r++)
                for (var v = 0; v < Value; v++)
                    yield return ("kv_b_proj.weight", (((h * (Nope + Value)) + Nope + v) * Rank) + r);
    }

    private static IEnumerable<(string, long)> Rows(string tensor, long first, long count, long columns)
    {
        for (var position = first * columns; position < (first + count) * columns; position++)
            yield return (tensor, position);
    }
}
