using TorchSharp;

namespace Lanyard;

/// <summary>A child of a module, under its name in the checkpoint.</summary>
/// <param name="Name">The name below the parent; a list adds the position: <c>layers.3</c>.</param>
/// <param name="Module">The child, or null where this instance has none.</param>
public readonly record struct ChildModule(string Name, torch.nn.Module? Module);
