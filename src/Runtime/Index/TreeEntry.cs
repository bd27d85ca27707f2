using TorchSharp;

namespace Lanyard.Index;

/// <summary>A place in a tree of modules.</summary>
/// <param name="Path">The names down to it, with dots; empty for the root.</param>
/// <param name="Name">The name of the module, or of the list that it is in, below its parent.</param>
/// <param name="Position">Its position in the list; negative where it is in none.</param>
/// <param name="Module">The module, or null where this instance has none.</param>
/// <param name="Parameters">Which parameters of its map the module has; of one without a map, how many are registered.</param>
internal readonly record struct TreeEntry(string Path, string Name, int Position, torch.nn.Module? Module, int Parameters)
{
    /// <summary>What stands before the names of the module's own parameters.</summary>
    public string Prefix => Path.Length == 0 ? "" : Path + ".";
}
