namespace Lanyard.Layouts;

/// <summary>Elements of a tensor that a parameter leaves to others.</summary>
/// <param name="Tensor">The index of the tensor in <see cref="LayoutPlan.Tensors"/>.</param>
/// <param name="Elements">The axes and tags that place them, for messages.</param>
/// <param name="Region">Where they lie in the whole tensor; the parameter's side means nothing.</param>
internal sealed record LayoutRest(int Tensor, string Elements, LayoutSlot Region);
