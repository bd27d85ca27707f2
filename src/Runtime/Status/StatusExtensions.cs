using Lanyard.Live;
using Lanyard.Maps;

namespace Lanyard;

/// <summary>How a model is, and what goes on with it.</summary>
public static class StatusExtensions
{
    /// <summary>The state of a module with everything below it, and why; what goes on with it; who reads it. From any thread, at any time: nothing waits.</summary>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    public static ModelStatus Status(this IParameterModule model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var set = model.Parameters;
        var tree = TreeState.Of(set);
        var readers = set.Gate.Readers;
        return new ModelStatus(tree.State, tree.State == ModelState.Loaded ? [] : [.. NameFolding.Shown(tree.Modules)], Reason(tree), set.Generation, set.Version)
        {
            IsReady = tree.State == ModelState.Loaded || (tree.State == ModelState.Building && ContextTree.Sets(set).All(static module => module.Set is { State: ModelState.Loaded } or { IsInitialised: true } or { Count: 0 })),
            Sessions = [.. model.Sessions()],
            Readings = readers?.Count ?? 0,
            OldestReading = readers?.Oldest,
        };
    }

    /// <summary>What goes on with a module and with everything below it: loads, refits, exports and checksums that have not ended.</summary>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    public static IReadOnlyList<OpenSession> Sessions(this IParameterModule model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. ContextTree.Sets(model.Parameters).Select(static module => module.Set.Session).OfType<ModelSession>().Distinct().Select(static session => new OpenSession(session))];
    }

    /// <summary>Whether weights are being brought to a module or to anything below it.</summary>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    public static bool IsUpdating(this IParameterModule model) => model.Sessions().Any(static session => session.IsUpdate);

    private static string? Reason(TreeState tree) => tree.State switch
    {
        ModelState.Loaded => null,
        ModelState.Building => tree.Worst.IsInitialised ? "it was filled by hand, not loaded" : "it was never loaded",
        ModelState.Refitting => tree.Worst.Session is { } session ? $"weights are being replaced by {session}" : "weights are being replaced",
        ModelState.Torn => tree.Worst.TornBecause,
        ModelState.Incomplete => $"{tree.Worst.MissingTensors} must come",
        _ => "it was disposed",
    };
}
