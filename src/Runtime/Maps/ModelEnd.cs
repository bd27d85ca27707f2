namespace Lanyard.Maps;

/// <summary>The end of a model, before its memory is freed.</summary>
internal static class ModelEnd
{
    /// <summary>Ends what is under way with a module and what is below it, and waits for it.</summary>
    /// <returns>What keeps others out until the memory is free: two threads that free the same tensor free it twice.</returns>
    public static GateHold Of(ParameterSet root)
    {
        // Whoever ends it a second time waits for the same, for he frees its memory, too.
        List<ParameterSet> sets = [.. ContextTree.Sets(root).Select(static module => module.Set)];
        if (sets.Exists(static set => set.Session?.Owner is { IsOwn: true })) throw new ModelStateException($"{root.Map.Type} cannot be disposed of from within a write to it, as by what is told of progress: it would wait for itself.");
        foreach (var set in sets) set.State = ModelState.Disposed;

        // Whoever begins a session after this sees it; whoever began one before is seen here.
        Interlocked.MemoryBarrier();
        foreach (var session in sets.Select(static set => set.Session).OfType<ModelSession>().Distinct().ToList())
        {
            if (session.Owner is { } owner) owner.End($"{root.Map.Type} was disposed");
            else SpinWait.SpinUntil(() => session.HasEnded);
        }
        var hold = ModelGate.Close([.. Neighbours.With(sets).Select(static set => set.Gate)], $"The end of {root.Map.Type}", CancellationToken.None, waitsForOwn: false);
        foreach (var bound in sets.SelectMany(static set => set)) bound.Shadows?.Free();
        return hold;
    }
}
