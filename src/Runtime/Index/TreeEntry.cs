using Lanyard.Maps;
using TorchSharp;

namespace Lanyard.Index;

/// <summary>A place in a tree of modules.</summary>
/// <param name="Prefix">What stands before the names of the module's own parameters: the names down to it, with dots.</param>
/// <param name="Place">Where it is below its parent.</param>
/// <param name="Module">The module, or null where this instance has none.</param>
/// <param name="Parameters">Which parameters of its map the module has; of one without a map, how many are registered.</param>
internal readonly record struct TreeEntry(ModulePrefix Prefix, ChildPlace Place, torch.nn.Module? Module, int Parameters)
{
    /// <summary>The names down to it, without the dot at the end.</summary>
    public string Path => Prefix.Default[..^1];
}
