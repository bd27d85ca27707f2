using Lanyard.Index;
using Lanyard.Maps;

namespace Lanyard.Live;

/// <summary>Keeps readers out while post-load methods run that assign something beside parameters: nobody else may see that with the old weights.</summary>
internal static class FieldWindow
{
    /// <summary>Closes modules whose methods assign fields or properties.</summary>
    /// <param name="modules">The modules whose methods are to run.</param>
    /// <param name="cancellationToken">Stops the waiting for readers.</param>
    /// <returns>What is closed, until it is disposed; null where no method assigns any.</returns>
    /// <exception cref="ModelStateException">The caller has a reading open itself.</exception>
    /// <exception cref="OperationCanceledException">The waiting was stopped.</exception>
    public static GateHold? Of(IEnumerable<ModelModule> modules, CancellationToken cancellationToken = default)
    {
        var sets = modules.Where(module => !module.Set.Map.PostLoads.IsEmpty && module.Set.Remember() is not null).Select(module => module.Set).ToList();
        return sets.Count == 0 ? null : Neighbours.Close(sets, $"What post-load of {sets[0].Map.Type} assigns beside parameters", cancellationToken);
    }
}
