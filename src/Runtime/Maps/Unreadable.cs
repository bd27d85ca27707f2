namespace Lanyard.Maps;

/// <summary>Why parameters cannot be read.</summary>
internal static class Unreadable
{
    /// <summary>For a module whose state does not allow it.</summary>
    /// <param name="set">The parameters of the module.</param>
    /// <param name="what">What was asked for.</param>
    public static Exception Because(ParameterSet set, string what) => set.State == ModelState.Disposed ? new ObjectDisposedException(set.Map.Type) : new ModelStateException(set.State switch
    {
        ModelState.Torn => $"{what} cannot be read: the model is torn. {set.TornBecause} Run a complete refit; until then the model is neither old nor new and refuses to run.",
        ModelState.Incomplete => $"{what} cannot be read: {Incomplete(set.MissingTensors)}",
        _ => $"{what} cannot be read: {set.Session?.Kind ?? "a change of weights"} is under way.",
    });

    /// <summary>For a value that nobody wrote.</summary>
    public static ModelStateException NeverLoaded(BoundParameter parameter) => new(parameter.Owner.IsInitialised
        ? $"{parameter} cannot be read: a post-load method makes it, and those run after a load. InitialisedByHand says nothing of it; assign it in the constructor."
        : $"{parameter} cannot be read: it was never loaded, so its memory holds anything. " +
          (parameter.Owner.IsPlanned ? "A plan was made and never executed: call plan.Execute()." : "Load it: LoadPlan.Create(model, checkpoint).Execute().") +
          " Where the values come from elsewhere, as for training, assign them in the constructor, or call model.InitialisedByHand() and write all of them.");

    /// <summary>Why a model is incomplete.</summary>
    /// <param name="tensors">What it lacks.</param>
    public static string Incomplete(string? tensors) => $"experts were placed here that this rank did not hold, and has not been given yet: {tensors} must come. Bring it with a refit; one of a subset will do.";
}
