namespace Ball.Link.Signaling;

/// <summary>Which half of the exchange a description is.</summary>
public enum DescriptionKind
{
    Offer,
    Answer,
}
