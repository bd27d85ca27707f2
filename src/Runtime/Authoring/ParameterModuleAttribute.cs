namespace Lanyard;

/// <summary>
/// Marks a <c>partial</c> class derived from <see cref="TorchSharp.torch.nn.Module"/> whose parameters Lanyard ties to
/// their loaders. The generator writes the annotated properties, the parameter map, the registration under
/// snake_case names and the post-load table.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ParameterModuleAttribute : Attribute;
