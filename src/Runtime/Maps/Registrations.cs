using TorchSharp;

namespace Lanyard.Maps;

/// <summary>What was registered in a module past its map.</summary>
internal static class Registrations
{
    /// <summary>The names of registered parameters that the map does not have.</summary>
    public static IEnumerable<string> Parameters(ParameterSet set)
    {
        // Asked at every session: where all that is registered is known, by going along both, in the order in which they were registered.
        if (set.Registered is not { } registered) return [];
        var next = 0;
        foreach (var (name, _) in registered)
        {
            while (next < set.Count && set[next].Entry.Name != name) next++;
            if (next++ < set.Count) continue;
            return registered.Keys.Except(set.Map.Parameters.Select(entry => entry.Name));
        }
        return [];
    }

    /// <summary>The registered modules that are no children by the map.</summary>
    public static IEnumerable<(string Name, torch.nn.Module Module)> Modules(ParameterSet set)
    {
        // As above. Items of a list have names that no map lists.
        if (set.RegisteredModules is not { Count: > 0 } registered) return [];
        var next = 0;
        foreach (var (name, _) in registered)
        {
            while (next < set.Map.Children.Length && set.Map.Children[next] != name) next++;
            if (next++ < set.Map.Children.Length) continue;
            return registered.Keys.Where(name => !set.Map.IsChild(name)).Select(name => (name, registered[name]));
        }
        return [];
    }
}
