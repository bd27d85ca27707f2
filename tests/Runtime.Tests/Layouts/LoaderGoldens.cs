using System.Collections.Immutable;

namespace Lanyard.Tests.Layouts;

/// <summary>Which declaration answers for each case of the fixture, and with which sizes.</summary>
internal static class LoaderGoldens
{
    public static string Tensors { get; } = Fixtures.Path("vllm", "shards.safetensors");

    public static ImmutableArray<(string Case, Loader Loader, string Sizes)> All { get; } =
    [
        ("column", Loaders.Column, "out = 8, in = 6"),
        ("row", Loaders.Row, "out = 5, in = 8"),
        ("merged", Loaders.Merged, "inter = 8, hidden = 6"),
        ("merged-fused", Loaders.MergedFromOne, "inter = 8, hidden = 6"),
        .. Qkv(4, 4), .. Qkv(4, 2), .. Qkv(4, 1), .. Qkv(8, 2),
        ("vocab-103-64", Loaders.Vocabulary, "vocab = 103, hidden = 3"),
        ("vocab-128-64", Loaders.Vocabulary, "vocab = 128, hidden = 3"),
        ("vocab-10-4", Loaders.Vocabulary.PadTo(4), "vocab = 10, hidden = 3"),
        ("experts-w13", Loaders.ExpertsW13, "experts = 5, inter = 8, hidden = 6"),
        ("experts-w2", Loaders.ExpertsW2, "experts = 5, inter = 8, hidden = 6"),
    ];

    /// <summary>How many rank outputs hold a declaration.</summary>
    public static int Ranks(Loader loader) =>
        All.Where(golden => golden.Loader.What == loader.What).Sum(golden => GoldenTensor.Read(Tensors, $"{golden.Case}/out/").Count);

    private static IEnumerable<(string Case, Loader Loader, string Sizes)> Qkv(int heads, int kv)
    {
        var sizes = $"heads = {heads}, kv = {kv}, dim = 3, hidden = 6";
        yield return ($"qkv-{heads}-{kv}", Loaders.Qkv, sizes);
        yield return ($"qkv-fused-{heads}-{kv}", Loaders.QkvFromOne, sizes);
        yield return ($"qkv-bias-{heads}-{kv}", Loaders.QkvBias, sizes);
    }
}
