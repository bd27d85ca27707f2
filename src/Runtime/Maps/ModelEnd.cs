namespace Lanyard.Maps;

/// <summary>The end of a model, before its memory is freed.</summary>
internal static class ModelEnd
{
    /// <summary>Ends what is under way with a module and what is below it, and waits for it.</summary>
    public static void Of(ParameterSet root)
    {
        if (root.State == ModelState.Disposed) return;
        List<ParameterSet> sets = [.. ContextTree.Sets(root).Select(static module => module.Set).Where(static set => set.State != ModelState.Disposed)];
        foreach (var set in sets) set.State = ModelState.Disposed;

        // Whoever begins a session after this sees it; whoever began one before is seen here.
        Interlocked.MemoryBarrier();
        foreach (var session in sets.Select(static set => set.Session).OfType<ModelSession>().Distinct().ToList())
        {
            if (session.Owner is { } owner) owner.End($"{root.Map.Type} was disposed");
            else SpinWait.SpinUntil(() => session.HasEnded);
        }
        ModelGate.Close([.. sets.Select(static set => set.Gate)], $"The end of {root.Map.Type}", CancellationToken.None, waitsForOwn: false).Dispose();
    }
}
