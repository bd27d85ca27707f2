using Lanyard.Index;
using Lanyard.Placing;

namespace Lanyard;

/// <summary>Giving experts other places in a live model.</summary>
public static class PlacementExtensions
{
    /// <summary>Places the experts of a module and of everything below it anew, those of all layers alike.</summary>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    /// <param name="placement">The placement, for all expert-parallel ranks.</param>
    /// <inheritdoc cref="PlaceExperts(IParameterModule, Func{string, ExpertPlacement})"/>
    public static PlacementReport PlaceExperts(this IParameterModule model, ExpertPlacement placement)
    {
        ArgumentNullException.ThrowIfNull(placement);
        return model.PlaceExperts(_ => placement);
    }

    /// <summary>
    /// Places the experts of a module and of everything below it anew, layer by layer. Experts that stay on the rank are moved: within the
    /// live storage where the rank has as many places as before, and else into storage of another size, one parameter at a time. Where
    /// experts come to the rank that it did not hold, the model is incomplete until a refit has brought them, and refuses to run; the
    /// former placement, given before that, makes it whole again. On a model that was never loaded it decides what will be loaded.
    /// </summary>
    /// <remarks>
    /// What a post-load method has replaced is undone, moved and made again; where experts are missing it stays as loads write it until they
    /// have come. No forward pass may run meanwhile. Plans and sessions that were made before refuse: make them anew.
    /// </remarks>
    /// <param name="model">The module: the root of a model, or a part of it.</param>
    /// <param name="placementOf">
    /// The placement of a module, given its path in the checkpoint such as <c>model.layers.3.feed_forward.experts</c>, which is empty for the
    /// root; null where it stays as it is. It is asked of modules that have an axis of experts.
    /// </param>
    /// <returns>What the next refit must bring.</returns>
    /// <exception cref="ArgumentException">A placement lists other ranks than there are, leaves an expert out, or names one that there is not.</exception>
    /// <exception cref="ModelStateException">
    /// The model is torn, or a session owns it; or a post-load method has replaced parameters that nothing can undo: they are named, and
    /// nothing was changed. What an undo or a post-load method throws comes out as it is. Where something fails after the first expert has
    /// moved, the model is torn.
    /// </exception>
    public static PlacementReport PlaceExperts(this IParameterModule model, Func<string, ExpertPlacement?> placementOf)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(placementOf);
        return new ModelPlacement(ModelIndex.Of(model.Parameters), placementOf).Run();
    }
}
