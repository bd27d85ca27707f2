using Lanyard.Maps;
using TorchSharp;

namespace Lanyard.Index;

/// <summary>A place in a tree of modules.</summary>
/// <param name="Parent">The position of its parent among the places below the root; negative below the root itself.</param>
/// <param name="Prefix">What stands before the names of the module's own parameters: the usual names down to it, with dots.</param>
/// <param name="Place">Where it is below its parent.</param>
/// <param name="Module">The module, or null where this instance has none.</param>
/// <param name="Parameters">Which parameters of its map the module has; of one without a map, how many are registered.</param>
internal readonly record struct TreeEntry(int Parent, ModulePrefix Prefix, ChildPlace Place, torch.nn.Module? Module, int Parameters)
{
    /// <summary>What its class declares; null where it has no map, or is not there.</summary>
    public ModuleMap? Map => (Module as IParameterModule)?.Parameters.Map;

    /// <summary>The names down to it, without the dot at the end.</summary>
    public string Path => Prefix.Default[..^1];
}
