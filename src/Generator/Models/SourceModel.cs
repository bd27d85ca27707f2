namespace Lanyard.Generator.Models;

/// <summary>Checkpoint tensors that fill a parameter.</summary>
public sealed record SourceModel(string Name, string Pattern, string? Part, string? Format)
{
    /// <summary>What else the source declares, as initializers: <c>Scale = "weight_scale"</c>.</summary>
    public EquatableArray<string> Encoding { get; init; }
}
