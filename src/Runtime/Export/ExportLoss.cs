namespace Lanyard;

/// <summary>A reason why an exported tensor need not be what was loaded.</summary>
/// <param name="Tensor">The full name, as it was written.</param>
/// <param name="Kind">The reason. A tensor with several has several entries.</param>
public sealed record ExportLoss(string Tensor, ExportLossKind Kind);
