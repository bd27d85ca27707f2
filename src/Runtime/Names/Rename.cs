namespace Lanyard;

/// <summary>Tensors that come under other names than the model knows.</summary>
/// <param name="From">The names that come; <c>*</c> stands for any text without a dot, <c>**</c> for any text: <c>base_model.model.**</c></param>
/// <param name="To">What the model is asked for instead, with the same stars in the same order, each for the same text: <c>model.**</c>. Null: nothing, the tensor is left alone.</param>
/// <param name="Optional">Whether a checkpoint may do without such tensors. Otherwise a pattern that matches nothing is an error, as that of an ignore is.</param>
public sealed record Rename(string From, string? To, bool Optional = false);
