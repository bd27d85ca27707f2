namespace Lanyard.Tests.Fuzz;

/// <summary>How a JSON text is changed.</summary>
internal enum JsonChange
{
    /// <summary>A value becomes another text.</summary>
    Replace,

    /// <summary>A key becomes another text.</summary>
    Rename,

    /// <summary>A whole number becomes another one.</summary>
    Nudge,

    /// <summary>A value goes, with its key.</summary>
    Remove,

    /// <summary>A value comes twice, under one key.</summary>
    Repeat,

    /// <summary>Two values change places.</summary>
    Swap,

    /// <summary>A value is wrapped into arrays.</summary>
    Wrap,
}
