namespace Lanyard;

/// <summary>
/// Has the compiler check the map of a model, this class and all below it, against the tensors of a published checkpoint: each has a place, each parameter
/// what fills it, and there are sizes for which all shapes are right.
/// </summary>
/// <param name="list">
/// The file with the names, types and shapes, one of the project's <c>AdditionalFiles</c>: its name, or the end of its path. It may be folded
/// (<c>NAME.tensors.json</c>), the header of a safetensors file as JSON, GGUF's table of tensors as JSON, or <c>model.safetensors.index.json</c>, which has names alone.
/// </param>
/// <param name="topologies">The ranks that must be able to share the model: <c>tp8</c>, <c>tp8 ep16</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConformsToAttribute(string list, params string[] topologies) : Attribute
{
    /// <summary>The file with the tensors.</summary>
    public string List { get; } = list;

    /// <summary>The ranks that must be able to share the model.</summary>
    public IReadOnlyList<string> Topologies { get; } = topologies;

    /// <summary>
    /// The checkpoint's <c>config.json</c>, one of the <c>AdditionalFiles</c> too: it says how large the axes are that name a key of it
    /// (<see cref="AxisAttribute.Config"/>). Null: the shapes alone say it.
    /// </summary>
    public string? Config { get; set; }
}
