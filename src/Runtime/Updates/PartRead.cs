namespace Lanyard;

/// <summary>A tensor of which no parameter reads some elements, which an ignore declares.</summary>
/// <param name="Tensor">Its full name.</param>
/// <param name="Unread">The elements that are not read: the axes and tags that place them, and how many.</param>
public sealed record PartRead(string Tensor, string Unread);
