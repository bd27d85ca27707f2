namespace Lanyard.Models.Layers;

/// <summary>What chooses the keys that a query sees. The names are those of <c>config.json</c>; the meaning is that of transformers, <c>configuration_glm_moe_dsa.py</c>.</summary>
public sealed record IndexerConfig
{
    /// <summary>The number of heads.</summary>
    public required int IndexNHeads { get; init; }

    /// <summary>The width of a head.</summary>
    public required int IndexHeadDim { get; init; }

    /// <summary>How many keys a query sees.</summary>
    public required int IndexTopk { get; init; }

    /// <summary>Whether neighbours are turned together, as attention does, and not the halves of the part that is turned.</summary>
    public bool TurnsNeighbours { get; init; } = true;

    /// <summary>The layers that take the last choice that was made before them.</summary>
    public IReadOnlyCollection<int> SharedLayers { get; init; } = [];

    /// <summary>Reads it.</summary>
    /// <param name="text">The configuration.</param>
    /// <param name="layers">How many layers there are.</param>
    /// <param name="turnsNeighbours">Whether neighbours are turned together.</param>
    internal static IndexerConfig Read(ConfigReader text, int layers, bool turnsNeighbours)
    {
        var types = text.Texts("indexer_types") ?? Pattern(text) ?? Scheduled(text, layers);
        if (types.FirstOrDefault(type => type is not ("full" or "shared")) is { } other) text.Fail("indexer_types", $"holds \"{other}\": only full and shared are supported");
        if (types.Length != layers) text.Fail("indexer_types", $"has {types.Length} entries for {layers} layers");
        if (types is ["shared", ..]) text.Fail("indexer_types", "begins with \"shared\": no layer before it chooses");
        return new IndexerConfig
        {
            IndexNHeads = text.RequiredInt("index_n_heads"),
            IndexHeadDim = text.RequiredInt("index_head_dim"),
            IndexTopk = text.RequiredInt("index_topk"),
            TurnsNeighbours = turnsNeighbours,
            SharedLayers = [.. types.Index().Where(type => type.Item == "shared").Select(type => type.Index)],
        };
    }

    /// <summary>The same in letters: <c>FFSSF</c>.</summary>
    private static string[]? Pattern(ConfigReader text) =>
        text.Has("index_topk_pattern") ? [.. text.Text("index_topk_pattern", "").Select(static letter => letter switch { 'F' => "full", 'S' => "shared", _ => letter.ToString() })] : null;

    /// <summary>One layer chooses for as many as there are in a period, once those before the first period have chosen each for itself.</summary>
    private static string[] Scheduled(ConfigReader text, int layers)
    {
        var (period, before) = (Math.Max(text.Int("index_topk_freq", 1), 1), text.Int("index_skip_topk_offset", 2));
        return [.. Enumerable.Range(0, Math.Clamp(layers, 0, ConfigReader.MaxLayers)).Select(layer => Math.Max(layer - (long)before + 1, 0) % period == 0 ? "full" : "shared")];
    }

    internal IEnumerable<(string[] Keys, string Problem)> Constraints(int turned)
    {
        foreach (var (key, value) in new[] { ("index_n_heads", IndexNHeads), ("index_head_dim", IndexHeadDim), ("index_topk", IndexTopk) })
        {
            if (value <= 0) yield return ([key], $"is {value}, not positive");
        }
        if (IndexHeadDim <= turned) yield return (["index_head_dim", "qk_rope_head_dim"], $"is {IndexHeadDim}, not more than the {turned} elements that are turned");
    }
}
