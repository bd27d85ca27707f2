using Lanyard.Index;
using Lanyard.Maps;

namespace Lanyard.Live;

/// <summary>Owns the modules of a loaded model while something reads its values.</summary>
internal sealed class LiveReading : IDisposable
{
    private readonly ModelIndex _index;
    private readonly ModelSession _session;

    /// <param name="index">The model.</param>
    /// <param name="kind">What the reading is: <c>an export</c>.</param>
    /// <param name="purpose">What cannot be done where the model is not loaded: <c>be exported</c>.</param>
    /// <exception cref="ModelStateException">The model is not loaded, or something else owns it.</exception>
    public LiveReading(ModelIndex index, string kind, string purpose)
    {
        (_index, _session) = (index, new ModelSession(kind));
        ModelOwnership.Take(index, _session);
        if (index.Modules.FirstOrDefault(module => module.Set.State != ModelState.Loaded && !(module.Set is { State: ModelState.Building, IsInitialised: true })) is not { } module) return;
        ModelOwnership.Release(index, _session);
        module.Set.CheckNotDisposed();
        var type = module.Set.Map.Type;
        throw new ModelStateException(module.Set.State switch
        {
            ModelState.Torn => $"{type} cannot {purpose}: the model is torn. {module.Set.TornBecause} Run a complete refit; until then the model is neither old nor new.",
            ModelState.Incomplete => $"{type} cannot {purpose}: {Unreadable.Incomplete(MissingPlaces.Text(index.Modules))}",
            _ => $"{type} cannot {purpose}: it was never loaded, so nobody knows what its values are. Load it, or bring the weights with a refit; or say with model.InitialisedByHand() that you wrote them.",
        });
    }

    public void Dispose() => ModelOwnership.Release(_index, _session);
}
