namespace Lanyard.Generator.Models;

/// <summary>Checkpoint tensors that fill a parameter.</summary>
public sealed record SourceModel(string Name, string Pattern, string? Part, string? Format)
{
    /// <summary>How the tensor stores its values, where an encoding's class says it; else null.</summary>
    public EncodingModel? Encoding { get; init; }

    /// <summary>What else the source declares, as initializers: <c>Scale = "weight_scale"</c>.</summary>
    public EquatableArray<string> Initializers { get; init; }

    /// <summary>The same as declarations in assemblies spell it: <c>scale weight_scale</c>.</summary>
    public EquatableArray<string> Options { get; init; }
}
