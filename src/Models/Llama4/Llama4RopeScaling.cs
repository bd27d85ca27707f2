namespace Lanyard.Models.Llama4;

/// <summary>
/// The <c>llama3</c> scaling of rotary frequencies: long wavelengths are stretched, short ones kept, those in between
/// interpolated. Source: transformers, <c>modeling_rope_utils.py</c>, <c>_compute_llama3_parameters</c>.
/// </summary>
/// <param name="Factor">By how much long wavelengths are stretched.</param>
/// <param name="LowFreqFactor">Wavelengths above the original length divided by this are stretched.</param>
/// <param name="HighFreqFactor">Wavelengths below the original length divided by this are kept.</param>
/// <param name="OriginalMaxPositionEmbeddings">The length of sequences that the model was trained on first.</param>
public sealed record Llama4RopeScaling(double Factor, double LowFreqFactor, double HighFreqFactor, int OriginalMaxPositionEmbeddings);
